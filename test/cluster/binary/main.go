// Package main is every program of a Kubernetes node in one binary, so that what they share is built and kept once.
// The name that it is called by, as of a link to it, says which program runs; by any other name it lists them.
package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// A program gets the command line that it would see if it were a file of its own, and returns its exit code.
type program func(commandLine []string) int

var programs = map[string]program{
	"coredns": coreDNS,
	"etcd": func(commandLine []string) int {
		etcdmain.Main(commandLine)
		return 0
	},
	"kube-apiserver":          command(apiserver.NewAPIServerCommand),
	"kube-controller-manager": command(controllermanager.NewControllerManagerCommand),
	"kube-proxy":              command(proxy.NewProxyCommand),
	"kube-scheduler":          command(func() *cobra.Command { return scheduler.NewSchedulerCommand() }),
	"kubectl":                 command(kubectl.NewDefaultKubectlCommand),
	"kubelet":                 command(func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) }),
}

func command(create func() *cobra.Command) program {
	return func([]string) int { return cli.Run(create()) }
}

func main() {
	if run, known := programs[filepath.Base(os.Args[0])]; known {
		os.Exit(run(os.Args))
	}
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		fmt.Println(name)
	}
}
