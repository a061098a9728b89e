"""What is provoked: one file a noun, one function a scene, each in a world of its own."""

from scenes import accounts, every_operation, keys, organization, policies, sessions, story, switches, tags, tree

SCENES = [
    scene
    for module in (every_operation, organization, tree, accounts, policies, switches, tags, sessions, keys, story)
    for scene in module.SCENES
]
