"""What an operator can set about how much of the server one client gets."""

from pydantic import Field
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """Bounds on requests that nobody needs to exceed, and on how many wait at once."""

    max_request_line_bytes: int = Field(
        default=65_536,
        ge=1024,
        le=1_048_576,
        description="bytes of the longest URL of a request, percent-encoded; 414 for more",
    )
    max_header_bytes: int = Field(
        default=32_768, ge=1024, le=1_048_576, description="bytes of all headers of a request; 431 for more"
    )
    max_headers: int = Field(default=100, ge=10, le=10_000, description="headers of a request; 431 for more")
    head_timeout: float = Field(
        default=10.0, gt=0, le=600, description="seconds in which the head of a request must have come; 408 if not"
    )
    min_body_rate: int = Field(
        default=240,
        ge=0,
        le=1_048_576,
        description="bytes a second that a request body must bring, over any 5 seconds; 408 for less",
    )
    max_running: int = Field(
        default=64,
        ge=4,
        le=10_000,
        description="reads, and as many writes, that each worker is at work on at once, fewer if they are slow; "
        "others wait for their turn",
    )
    max_wait: float = Field(
        default=0.4,
        gt=0,
        le=60,
        description="seconds that a request may have to wait for its turn; 503 at once for what would wait longer",
    )
