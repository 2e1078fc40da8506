"""What a store can build on: scans, sorted keys, search tokens. It is imported from `taskharbor.application.ports`."""
