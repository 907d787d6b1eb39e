"""Make the bucket that LGDP_LAKE names, if it is not there: python make_bucket.py."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import boto3

bucket = urlsplit(os.environ["LGDP_LAKE"]).netloc
client = boto3.client("s3")
if bucket not in {each["Name"] for each in client.list_buckets()["Buckets"]}:
    client.create_bucket(Bucket=bucket)
