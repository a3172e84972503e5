"""Pages of the network: to read, to manage, to import."""
