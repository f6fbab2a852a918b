// check-tokens ISSUER AUDIENCE gives a verdict for each token on standard input, one a line.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
)

func main() {
	ctx := context.Background()
	verifier := newVerifier(ctx, os.Args[1], os.Args[2])
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if subject, err := verifier.verify(ctx, lines.Text()); err != nil {
			fmt.Println("refused:", err)
		} else {
			fmt.Println("good:", subject)
		}
	}
}
