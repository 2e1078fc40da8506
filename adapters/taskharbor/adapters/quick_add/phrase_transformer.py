"""What the classes that turn phrases into their meaning have in common."""

from typing import Any

from lark import Token, Transformer, v_args


class PhraseTransformer(Transformer[Token, Any]):
    """A transformer whose methods get the parts of a phrase one by one."""

    def __init_subclass__(cls) -> None:
        """Wrap the methods of a subclass; as a decorator `v_args` would hide its type."""
        super().__init_subclass__()
        v_args(inline=True)(cls)
