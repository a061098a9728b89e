"""What is provoked: one file a noun, one function a scene, each in a world of its own."""

from scenes import accounts, every_operation, organization, policies, sessions, stacks, story, switches, tags, tree

SCENES = [
    scene
    for module in (every_operation, organization, tree, accounts, policies, switches, tags, sessions, stacks, story)
    for scene in module.SCENES
]
