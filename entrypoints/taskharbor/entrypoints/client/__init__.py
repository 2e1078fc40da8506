"""A client for servers of Taskharbor, with the calls of `Harbor`. Import it as `taskharbor.client`."""
