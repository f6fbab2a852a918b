# For a laptop: one process, its data in a directory "data" beside this file, no TLS.
storage "raft" {
  path                   = "data"
  node_id                = "laptop"
  performance_multiplier = 1
}

listener "tcp" {
  address         = "127.0.0.1:8200"
  cluster_address = "127.0.0.1:8201"
  tls_disable     = true
}

disable_mlock = true
api_addr      = "http://127.0.0.1:8200"
cluster_addr  = "https://127.0.0.1:8201"
