"""What a handler of 2016 did, for the bench: by the event alone, one group, one call. It is deployed nowhere."""

import os

import boto3

iam = boto3.client("iam")


def handler(event, context):
    detail = event["detail"]
    user = detail["requestParameters"]["userName"]
    group = os.environ["QUARANTINE_GROUP"]
    if detail["eventName"] == "CreateLoginProfile":
        iam.add_user_to_group(GroupName=group, UserName=user)
    elif detail["eventName"] == "EnableMFADevice":
        iam.remove_user_from_group(GroupName=group, UserName=user)
    elif detail["eventName"] == "DeactivateMFADevice":
        if not iam.list_mfa_devices(UserName=user)["MFADevices"]:
            iam.add_user_to_group(GroupName=group, UserName=user)
