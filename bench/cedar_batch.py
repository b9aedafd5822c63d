"""One batch of five hundred decisions by cedarpy, timed: run in the peers' environment, writes seconds as JSON.

The same question as ours, asked the way a policy engine wants it: may this unit see this block of this child? The
children are entities with their relations, the table of relations is the policies.
"""

import json
import statistics
import sys
import time

import cedarpy

POLICIES = "\n".join(
    f'permit(principal == Unit::"u", action == Action::"read", resource) when {{ resource.block == "{block}" && '
    f'resource.relations.contains("{relation}") }};'
    for relation, blocks in (("ppr", ("IN", "AK", "KO", "ST", "SA")), ("school", ("AK", "KO", "ST")))
    for block in blocks
)


def _batch(size: int) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    entities: list[dict[str, object]] = [{"uid": {"type": "Unit", "id": "u"}, "attrs": {}, "parents": []}]
    requests: list[dict[str, object]] = []
    for number in range(size):
        relation = ["ppr"] if number % 2 else ["school"]
        uid = {"type": "Shelf", "id": str(number)}
        entities.append({"uid": uid, "attrs": {"block": "AK", "relations": relation}, "parents": []})
        requests.append(
            {"principal": 'Unit::"u"', "action": 'Action::"read"', "resource": f'Shelf::"{number}"', "context": {}}
        )
    return requests, entities


def main() -> None:
    requests, entities = _batch(int(sys.argv[1]))
    taken = []
    for _ in range(9):
        started = time.perf_counter()
        answers = cedarpy.is_authorized_batch(requests, POLICIES, entities)
        taken.append(time.perf_counter() - started)
        if not all(answer.allowed for answer in answers):
            raise SystemExit("cedarpy refused what its policies permit")
    print(json.dumps({"median": statistics.median(taken), "values": taken}))


if __name__ == "__main__":
    main()
