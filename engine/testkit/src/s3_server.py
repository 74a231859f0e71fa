"""A store of objects for tests: moto, with one account and one bucket. It takes nothing whose signature is wrong."""

import json
import sys

from moto import settings as moto
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

ACCOUNT = "123456789012"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}

settings = json.loads(sys.argv[1])

iam = iam_backends[ACCOUNT]["aws"]
iam.create_user(region_name="us-east-1", user_name="tests")
key = iam.create_access_key(user_name="tests")
key.access_key_id, key.secret_access_key = settings["access_key"], settings["secret_key"]
iam.access_keys[key.access_key_id] = key
iam.put_user_policy("tests", "everything", json.dumps(EVERYTHING))
s3_backends[ACCOUNT]["aws"].create_bucket(settings["bucket"], "us-east-1")
# from the first request on everybody has to sign
moto.INITIAL_NO_AUTH_ACTION_COUNT = 0

store = DomainDispatcherApplication(create_backend_app)


def application(environ, start_response):
    """The store; beside it our own name, which tells this server from any other."""
    if environ["PATH_INFO"] == "/_name":
        name = settings["name"].encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(name)))])
        return [name]
    return store(environ, start_response)


run_simple("127.0.0.1", settings["port"], application, threaded=True)
