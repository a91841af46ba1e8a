"""Withdrawing releases, and taking down what they hold.

A release that is *withdrawn* should not be used any more, and says why; its files stay, so that
work that used them can be checked. One that is *taken down* is withdrawn and its files are removed,
where the law or somebody's safety asks for it; its manifest and a tombstone stay.
"""
