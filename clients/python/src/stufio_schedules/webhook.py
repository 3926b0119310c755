from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

#: The oldest and newest accepted timestamp, seconds from now.
_TOLERANCE_SECONDS = 300


def verify_webhook(
    body: bytes | str, headers: Mapping[str, str], secret: str, *, now_seconds: float | None = None
) -> bool:
    """Verifies the signature of a webhook, such as one of the audit trail, as Standard Webhooks defines it.

    `body` is the body as it was received, before any parsing. A `secret` that begins with `whsec_` is base64; any other
    is used as it is. Returns False for a missing, malformed or wrong signature, and for a timestamp that is more than
    five minutes from now. Raises ValueError for a secret that is not base64 after `whsec_`.
    """
    key = _key_of(secret)
    received = {name.lower(): value for name, value in headers.items()}
    message_id = received.get("webhook-id", "")
    timestamp = received.get("webhook-timestamp", "")
    if not _is_recent(timestamp, time.time() if now_seconds is None else now_seconds):
        return False
    raw_body = body.encode() if isinstance(body, str) else body
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + raw_body, hashlib.sha256).digest()
    # While a secret is rotated, the header has a signature by each of the secrets.
    signatures = [_signature_of(part) for part in received.get("webhook-signature", "").split(" ")]
    return any([hmac.compare_digest(digest, signature) for signature in signatures])


def _key_of(secret: str) -> bytes:
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret[len("whsec_") :], validate=True)
    except binascii.Error:
        raise ValueError("secret: must be base64 after whsec_") from None


def _is_recent(timestamp: str, now_seconds: float) -> bool:
    try:
        return abs(now_seconds - int(timestamp)) <= _TOLERANCE_SECONDS
    except ValueError:
        return False


def _signature_of(part: str) -> bytes:
    version, _, value = part.partition(",")
    if version != "v1":
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""
