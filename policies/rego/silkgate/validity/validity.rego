# METADATA
# title: Shape of the question
# description: |
#   Every part of the policy input is present and of the right type, and nothing else is there.
#   Rules may therefore compare without guarding each operand again.
# custom:
#   zh: 输入须字段齐全、类型正确、无多余字段
package silkgate.validity

import data.silkgate.facts

default ok := false

ok if {
	object.keys(input) - {"approvals", "opaque", "mode"} == {
		"schema", "at", "exporter", "route", "origin", "collected_in", "destination",
		"recipient", "purpose", "basis", "fields", "bands",
	}
	input.schema == "silkgate/policy-input/1"
	is_date(input.at)
	_exporter
	object.keys(input.recipient) == {"name"}
	_texts([input.route, input.recipient.name, input.purpose])
	_countries
	_basis
	is_array(input.fields)
	_fields
	_bands
	object.get(input, "mode", "shadow") == "shadow"
	every approval in object.get(input, "approvals", []) { _approval(approval) }
	every content in object.get(input, "opaque", []) { _unread(content) }
}

# METADATA
# description: A calendar date as ISO 8601 text, so that text order is time order.
is_date(text) if {
	is_string(text)
	regex.match(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`, text)
}

_approval(approval) if {
	object.keys(approval) == {"code", "persons"}
	is_string(approval.code)
	is_number(approval.persons)
}

_unread(content) if {
	object.keys(content) == {"media", "bytes", "sha256"}
	is_string(content.media)
	is_number(content.bytes)
	is_string(content.sha256)
}

# What `concat` takes is text, all of it: one step where each would be asked for its type.
_texts(values) if is_string(concat("", values))

_countries if {
	codes := concat(" ", [input.origin, input.collected_in, input.destination])
	regex.match(`^[A-Z]{2} [A-Z]{2} [A-Z]{2}$`, codes)
}

_exporter if {
	object.keys(input.exporter) == {"id", "ciio", "zone", "sector", "pilots"}
	_texts([input.exporter.id, input.exporter.zone, input.exporter.sector])
	is_boolean(input.exporter.ciio)
	is_array(input.exporter.pilots)
	_texts(input.exporter.pilots)
}

_basis if {
	object.keys(input.basis) == {"ground", "exemption", "consent", "mechanism"}
	is_string(input.basis.ground)
	_exemption
	_consent
	_mechanism
}

_exemption if input.basis.exemption == null

_exemption if is_string(input.basis.exemption)

_consent if input.basis.consent == null

_consent if {
	object.keys(input.basis.consent) == {"ref", "notice"}
	_texts([input.basis.consent.ref, input.basis.consent.notice])
}

_mechanism if input.basis.mechanism == null

_mechanism if {
	object.keys(input.basis.mechanism) == {"kind", "ref", "valid_until"}
	input.basis.mechanism.kind in {
		"security_assessment",
		"standard_contract",
		"certification",
		"gba_contract",
	}
	is_string(input.basis.mechanism.ref)
	is_date(input.basis.mechanism.valid_until)
}

# Of all fields at once what could be asked of each: an engine is slow at many small steps. What
# is missing, or no text where text belongs, is missing in these lists too.
_fields if {
	count(facts.stated - _field_keys) == 0
	count(facts.drifts - {"undeclared", "contradicted"}) == 0
	_texts(facts.raised)
	count({declared | some declared in _declared} - {true, false}) == 0
	count(_declared) == count(input.fields)
	count(facts.names) == count(input.fields)
	count(facts.places) == count(input.fields)
	count(facts.kinds) == count(facts.distinct)
	every kind in facts.kinds { _kind(kind) }
}

_declared := [field.declared | some field in input.fields]

_field_keys := {
	"pointer", "category", "level", "verdict", "declared",
	"entity", "drift", "reason",
}

_kind(kind) if {
	_levels[kind.level]
	_verdicts[kind.verdict]
}

_levels := {"general", "pi", "spi", "important_candidate", "important", "core"}

_verdicts := {"confirmed", "likely", "unknown", "refuted"}

_bands if input.bands == null

_bands if {
	object.keys(input.bands) - {"within"} == {"general", "sensitive"}
	_band(input.bands.general)
	_band(input.bands.sensitive)
	every spent in [spent | some spent in object.get(input.bands, "within", {})] { _spent(spent) }
}

_spent(spent) if {
	object.keys(spent) == {"persons", "records", "bytes"}
	_band(spent.persons)
	_band(spent.records)
	_band(spent.bytes)
}

_band(band) if {
	object.keys(band) == {"at_least", "below"}
	is_number(band.at_least)
	band.at_least >= 0
	_ends(band)
}

# The topmost band has no end.
_ends(band) if band.below == null

_ends(band) if {
	is_number(band.below)
	band.below > band.at_least
}
