"""Pages of plots and sentences: one HTML file that opens without a network, its numbers, images."""
