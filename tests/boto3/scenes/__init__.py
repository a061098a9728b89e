"""What is provoked: one file a noun, one function a scene, each in a world of its own."""

from scenes import (
    account_settings,
    accounts,
    directory,
    every_operation,
    identity_center,
    keys,
    organization,
    policies,
    portal,
    sessions,
    singletons,
    stack_sets,
    stacks,
    story,
    switches,
    tags,
    tree,
)

MODULES = (
    every_operation,
    organization,
    tree,
    accounts,
    policies,
    switches,
    tags,
    sessions,
    keys,
    stacks,
    stack_sets,
    directory,
    identity_center,
    portal,
    account_settings,
    singletons,
    story,
)
SCENES = [scene for module in MODULES for scene in module.SCENES]
