// Package main is the process that keeps a pod's namespaces alive while its containers come and go.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	reapChildren()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}

// reapChildren tells the kernel to keep no zombies: this is process 1 of a pod that shares its process namespace.
func reapChildren() {
	signal.Ignore(syscall.SIGCHLD)
}
