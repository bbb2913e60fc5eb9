"""Faults around the product: processes killed, disks full, bytes turned, releases switched, builders at once."""
