package main

import (
	"fmt"
	"os"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/forward"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/ready"
)

// coreDNS serves the Corefile that its one argument names. CoreDNS's own main would bring every plugin and its
// dependencies, and flags that clash with those of the other programs.
func coreDNS(commandLine []string) int {
	if err := serveCorefile(commandLine[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "coredns:", err)
		return 1
	}
	return 0
}

func serveCorefile(arguments []string) error {
	if len(arguments) != 1 {
		return fmt.Errorf("usage: coredns COREFILE")
	}
	contents, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	dnsserver.Directives = []string{"bind", "ready", "errors", "cache", "kubernetes", "forward"}
	caddy.AppName = "CoreDNS"
	caddy.TrapSignals()
	server, err := caddy.Start(caddy.CaddyfileInput{Contents: contents, Filepath: arguments[0], ServerTypeName: "dns"})
	if err != nil {
		return err
	}
	server.Wait()
	return nil
}
