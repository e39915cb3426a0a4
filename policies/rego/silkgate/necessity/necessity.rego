# METADATA
# title: Necessary fields
# description: Whether the purpose's necessary list names the category, or the entity of it.
# custom:
#   zh: 字段是否在目的所列必需清单之内
#   citation: CAC Order 16 art 5(1)
package silkgate.necessity

import data.silkgate.treating

needed(field) if field.category in treating.profile.necessary

needed(field) if {
	concat("/", [field.category, object.get(field, "entity", "")]) in treating.profile.necessary
}
