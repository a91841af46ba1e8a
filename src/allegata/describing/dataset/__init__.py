"""A release as a whole, in the formats by which it is found, cited and traced."""
