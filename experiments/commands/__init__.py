"""The commands of `offramp`, one file each."""
