"""Uploads to S3 that never overwrite: pyarrow has no conditional write, and truncates on error."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lgdp.errors import LakeError
from lgdp.lake.s3_client import S3Client

# One request up to here; above, parts of this size (S3 takes at most 10,000: 640 GB).
PART_BYTES = 64 << 20
# S3 answers 409 when two conditional writes of one name overlap; the later one has to look again.
CONFLICT_TRIES = 10


class Uploader:
    """Puts objects into one bucket; safe to share between threads."""

    def __init__(self, bucket: str, client: S3Client) -> None:
        self._bucket = bucket
        self._client = client

    def data(self, body: bytes, key: str) -> bool:
        """Put bytes; False when the name was taken, and what has it was kept."""
        return self._once(
            key,
            lambda client: client.put_object(
                Bucket=self._bucket, Key=key, Body=body, IfNoneMatch="*"
            ),
        )

    def file(self, source: Path, key: str) -> bool:
        """Put a file; False when the name was taken, and what has it was kept."""
        if source.stat().st_size <= PART_BYTES:
            return self.data(source.read_bytes(), key)
        return self._once(key, lambda client: self._in_parts(client, source, key))

    def _in_parts(self, client: Any, source: Path, key: str) -> None:
        place = {"Bucket": self._bucket, "Key": key}
        place["UploadId"] = client.create_multipart_upload(**place)["UploadId"]
        parts: list[dict[str, Any]] = []
        try:
            with source.open("rb") as stream:
                while body := stream.read(PART_BYTES):
                    number = len(parts) + 1
                    answer = client.upload_part(**place, PartNumber=number, Body=body)
                    parts.append({"PartNumber": number, "ETag": answer["ETag"]})
            client.complete_multipart_upload(
                **place, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
            )
        except BaseException:
            client.abort_multipart_upload(**place)
            raise

    def _once(self, key: str, put: Callable[[Any], object]) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        for attempt in range(CONFLICT_TRIES):
            try:
                put(self._client.get())
                return True
            except ClientError as cause:
                match cause.response["ResponseMetadata"]["HTTPStatusCode"]:
                    case 412:
                        return False
                    case 409:
                        time.sleep(0.05 * 2**attempt)
                    case _:
                        raise LakeError(
                            f"cannot write s3://{self._bucket}/{key}: {cause}"
                        ) from cause
            except BotoCoreError as cause:
                raise LakeError(f"cannot write s3://{self._bucket}/{key}: {cause}") from cause
        raise LakeError(f"cannot write s3://{self._bucket}/{key}: others keep writing it")
