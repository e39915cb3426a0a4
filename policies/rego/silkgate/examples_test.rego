# Questions that the rules' tests start from; each test changes what it is about.
package silkgate.examples

# An order's consignee to a carrier in Singapore.
order(changes) := _changed(_order, changes)

# A member list to an analyst in Kenya, with consent and no route.
members(changes) := _changed(object.union(_order, _members), changes)

# Parts of a part are changed too. `object.union` does so in OPA, but not in rego-cpp.
_changed(question, changes) := object.union(object.union(question, changes), {part: merged |
	some part in object.keys(changes)
	is_object(question[part])
	is_object(changes[part])
	merged := object.union(question[part], changes[part])
})

_order := {
	"schema": "silkgate/policy-input/1",
	"at": "2026-11-22",
	"exporter": {"id": "acme-cn", "ciio": false, "zone": "", "sector": "e-commerce", "pilots": []},
	"route": "sg-fulfilment",
	"origin": "CN",
	"collected_in": "CN",
	"destination": "SG",
	"recipient": {"name": "Partner Logistics Pte Ltd"},
	"purpose": "order_fulfilment",
	"basis": {
		"ground": "contract",
		"exemption": "cn.order16.art5.1.1",
		"consent": null,
		"mechanism": null,
	},
	"fields": [
		{
			"pointer": "/buyer/phone",
			"category": "pi_contact_phone",
			"level": "pi",
			"verdict": "confirmed",
			"declared": true,
		},
		{
			"pointer": "/buyer/username",
			"category": "pi_account",
			"level": "pi",
			"verdict": "likely",
			"declared": false,
		},
	],
	"bands": bands(0, 100000, 0, 1),
}

_members := {
	"route": "ke-analytics",
	"destination": "KE",
	"recipient": {"name": "Insight Partners Ltd"},
	"purpose": "analytics",
	"basis": {
		"ground": "consent",
		"exemption": null,
		"consent": {"ref": "consent-2026-07", "notice": "privacy-notice-4"},
		"mechanism": null,
	},
}

# A year in which 100,000 persons were exported already.
many := {"bands": bands(100000, 1000000, 0, 1)}

bands(general_at_least, general_below, sensitive_at_least, sensitive_below) := {
	"general": {"at_least": general_at_least, "below": general_below},
	"sensitive": {"at_least": sensitive_at_least, "below": sensitive_below},
}

# Within an allowance of which so much has left, each below its cap. `below` is null past a cap.
within(name, persons, records, bytes) := {
	"general": {"at_least": 0, "below": 100000},
	"sensitive": {"at_least": 0, "below": 1},
	"within": {name: {
		"persons": {"at_least": 0, "below": persons},
		"records": {"at_least": 0, "below": records},
		"bytes": {"at_least": 0, "below": bytes},
	}},
}

mechanism(kind, valid_until) := {"kind": kind, "ref": "M-2026-001", "valid_until": valid_until}

field(pointer, category, level, verdict) := {
	"pointer": pointer,
	"category": category,
	"level": level,
	"verdict": verdict,
	"declared": false,
}

codes(decision) := {reason.code | some reason in decision.reasons}

treatment(decision, pointer) := [entry.treatment |
	some entry in decision.treatments
	entry.pointer == pointer
]
