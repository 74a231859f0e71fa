"""A gRPC server for tests: Google's own, from the same .proto file, with what the command line says. Keeps every call as a file."""

import json
import os
import sys
import time
from concurrent import futures

settings = json.loads(sys.argv[1])
sys.path.insert(0, settings["folder"])

import grpc
from google.protobuf import json_format

protos = grpc.protos(settings["proto"])
calls = 0


def answer(service, method):
    request_class = messages(method.input_type)
    answer_class = messages(method.output_type)
    said = settings["answers"].get(f"{service}/{method.name}")

    def handle(request, context):
        global calls
        calls += 1
        kept = {
            "method": f"{service}/{method.name}",
            "message": json_format.MessageToDict(request, preserving_proto_field_name=True),
            "metadata": {name: value for name, value in context.invocation_metadata() if isinstance(value, str)},
            "time_left": context.time_remaining(),
        }
        path = os.path.join(settings["folder"], f"call-{calls:04}.json")
        with open(path + ".part", "w", encoding="ascii") as file:
            json.dump(kept, file)
        os.rename(path + ".part", path)
        if said is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "nobody said what to answer")
        if "sleep" in said:
            time.sleep(said["sleep"])
        if "code" in said:
            context.abort(grpc.StatusCode[said["code"]], said.get("details", ""))
        return json_format.ParseDict(said.get("message", {}), answer_class())

    return grpc.unary_unary_rpc_method_handler(
        handle, request_deserializer=request_class.FromString, response_serializer=answer_class.SerializeToString
    )


def messages(descriptor):
    from google.protobuf import message_factory

    return message_factory.GetMessageClass(descriptor)


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=[("grpc.so_reuseport", 0)])
    for service in protos.DESCRIPTOR.services_by_name.values():
        handlers = {method.name: answer(service.full_name, method) for method in service.methods}
        server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(service.full_name, handlers)])
    address = f"127.0.0.1:{settings['port']}"
    if settings["certificate"]:
        with open(settings["key"], "rb") as key, open(settings["certificate"], "rb") as certificate:
            pair = (key.read(), certificate.read())
        server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
    else:
        server.add_insecure_port(address)
    server.start()
    with open(os.path.join(settings["folder"], "ready"), "w", encoding="ascii") as file:
        file.write(f"{settings['name']} {grpc.__version__}")
    server.wait_for_termination()


main()
