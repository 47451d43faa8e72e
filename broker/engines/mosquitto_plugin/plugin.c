/* The C part of the gate inside Mosquitto (plugin API 5, mosquitto/broker_plugin.h of 2.1).
 *
 * Knows how to start Python and how to ask it; decides nothing but one thing: a delivery is let through, since nobody
 * holds a subscription that the gate has not granted to that very client, filter by filter, without wildcards for peers.
 *
 *   mosquitto_plugin_init ─► start Python ─► passerby_open ─► callbacks
 *   BASIC_AUTH ─► passerby_admits     ACL_CHECK ─► passerby_grants, passerby_passes     DISCONNECT ─► passerby_gone
 *   CONTROL ─► passerby_control       TICK ─► passerby_tick, when stirred or due        RELOAD ─► passerby_reload
 *
 * Whatever goes wrong in Python, also Python not being there, comes back as 0, and 0 is a refusal here.
 */

#include <dlfcn.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <mosquitto/broker.h>
#include <mosquitto/broker_plugin.h>

#define TICK_MS 250 /* how often, when nothing stirs it */

static bool stirred;
static int64_t last_tick_ms;

/* ── what Python may ask of the broker ───────────────────────────────────────────────────────────────────────────── */

static int passerby_send(const char *to, const char *topic, const void *payload, int size)
{
	return mosquitto_broker_publish_copy(to, topic, size, payload, 0, false, NULL);
}

static int passerby_kick(const char *name)
{
	return mosquitto_kick_client_by_clientid(name, true);
}

static void passerby_stir(void)
{
	stirred = true;
}

static void passerby_say(int error, const char *text)
{
	mosquitto_log_printf(error ? MOSQ_LOG_ERR : MOSQ_LOG_INFO, "passerby: %s", text);
}

/* ── what the broker asks of Python ──────────────────────────────────────────────────────────────────────────────── */

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static int on_basic_auth(int event, void *data, void *user)
{
	struct mosquitto_evt_basic_auth *auth = data;
	(void)event;
	(void)user;
	if (!auth->username || !auth->password) return MOSQ_ERR_AUTH;
	return passerby_admits(
		(uintptr_t)auth->client, or_empty(mosquitto_client_id(auth->client)), auth->username, auth->password,
		or_empty(mosquitto_client_address(auth->client)),
		mosquitto_client_protocol(auth->client) == mp_mqtt, /* the internal listener is the only one on plain TCP */
		mosquitto_client_clean_session(auth->client)) == 1 ? MOSQ_ERR_SUCCESS : MOSQ_ERR_AUTH;
}

static int on_acl_check(int event, void *data, void *user)
{
	struct mosquitto_evt_acl_check *check = data;
	int allowed = 0;
	(void)event;
	(void)user;
	switch (check->access) {
	case MOSQ_ACL_READ:
	case MOSQ_ACL_UNSUBSCRIBE:
		return MOSQ_ERR_SUCCESS;
	case MOSQ_ACL_SUBSCRIBE:
		allowed = passerby_grants((uintptr_t)check->client, or_empty(check->topic));
		break;
	case MOSQ_ACL_WRITE:
		allowed = passerby_passes((uintptr_t)check->client, or_empty(check->topic), check->payloadlen, check->retain);
		break;
	}
	return allowed == 1 ? MOSQ_ERR_SUCCESS : MOSQ_ERR_ACL_DENIED;
}

/* Mosquitto (2.1.2, src/subs.c and src/context.c) keeps what a closed connection has subscribed to until the next turn of
 * its loop, and knows by the ClientID alone who has subscribed already. Who comes back within the same turn would be told
 * that all is granted, and lose it with the old connection: it hears nothing any more, be it a peer or the service. So
 * who goes gives up its name. A take-over does not need that: there the broker forgets the old subscriptions first. */
static void give_up_name(struct mosquitto *client)
{
	char name[32]; /* of a record that is there until then, so nobody else has it; none that the gate lets in is alike */

	snprintf(name, sizeof name, "gone-%" PRIxPTR, (uintptr_t)client);
	if (mosquitto_set_clientid(client, name)) passerby_say(1, "a connection that closed has kept its name");
}

static int on_disconnect(int event, void *data, void *user)
{
	struct mosquitto_evt_disconnect *disconnect = data;
	(void)event;
	(void)user;
	passerby_gone((uintptr_t)disconnect->client);
	give_up_name(disconnect->client);
	return MOSQ_ERR_SUCCESS;
}

static int on_control(int event, void *data, void *user)
{
	struct mosquitto_evt_control *control = data;
	(void)event;
	(void)user;
	passerby_control((uintptr_t)control->client, control->payload, control->payloadlen);
	return MOSQ_ERR_SUCCESS;
}

/* Comes with every turn of the broker's loop, ten times a second when nothing happens. Kicks are done here, when the
 * broker holds no pointer to a client. */
static int on_tick(int event, void *data, void *user)
{
	struct mosquitto_evt_tick *tick = data;
	int64_t now_ms = (int64_t)tick->now_s * 1000 + tick->now_ns / 1000000;
	(void)event;
	(void)user;
	if (!stirred && now_ms - last_tick_ms < TICK_MS) return MOSQ_ERR_SUCCESS;
	stirred = false;
	last_tick_ms = now_ms;
	passerby_tick();
	return MOSQ_ERR_SUCCESS;
}

static int on_reload(int event, void *data, void *user)
{
	(void)event;
	(void)data;
	(void)user;
	passerby_reload();
	return MOSQ_ERR_SUCCESS; /* anything else would end the broker */
}

/* ── the beginning ───────────────────────────────────────────────────────────────────────────────────────────────── */

/* Mosquitto 2.1 loads plugins with local scope, in which Python's own extension modules do not find Python. */
static void share_python(void)
{
	if (!dlopen(PASSERBY_LIBPYTHON, RTLD_LAZY | RTLD_GLOBAL | RTLD_NOLOAD)) {
		passerby_say(1, "the Python that this gate was built for is not loaded: build it anew");
	}
}

/* The very interpreter that this was built with, its environment included, and nothing from PYTHON… variables. */
static bool start_python(void)
{
	PyConfig config;
	PyStatus status;

	if (Py_IsInitialized()) return true;
	PyConfig_InitIsolatedConfig(&config);
	config.write_bytecode = 0;
	status = PyConfig_SetBytesString(&config, &config.executable, PASSERBY_PYTHON);
	if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
	PyConfig_Clear(&config);
	if (PyStatus_Exception(status)) {
		passerby_say(1, status.err_msg ? status.err_msg : "Python cannot be started");
		return false;
	}
	PyEval_SaveThread();
	return true;
}

int mosquitto_plugin_version(int supported_version_count, const int *supported_versions)
{
	for (int i = 0; i < supported_version_count; i++) {
		if (supported_versions[i] == 5) return 5;
	}
	return -1;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *id, void **user, struct mosquitto_opt *options, int option_count)
{
	const char *names[32], *values[32];
	int rc;
	(void)user;

	mosquitto_plugin_set_info(id, "passerby-gate", PASSERBY_VERSION);
	if (option_count > 32) return MOSQ_ERR_INVAL;
	for (int i = 0; i < option_count; i++) {
		names[i] = options[i].key;
		values[i] = or_empty(options[i].value);
	}
	share_python();
	if (!start_python() || passerby_open(names, values, option_count) != 1) return MOSQ_ERR_UNKNOWN;
	if ((rc = mosquitto_callback_register(id, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL, NULL))) return rc;
	if ((rc = mosquitto_callback_register(id, MOSQ_EVT_ACL_CHECK, on_acl_check, NULL, NULL))) return rc;
	if ((rc = mosquitto_callback_register(id, MOSQ_EVT_DISCONNECT, on_disconnect, NULL, NULL))) return rc;
	if ((rc = mosquitto_callback_register(id, MOSQ_EVT_CONTROL, on_control, PASSERBY_CONTROL, NULL))) return rc;
	if ((rc = mosquitto_callback_register(id, MOSQ_EVT_TICK, on_tick, NULL, NULL))) return rc;
	return mosquitto_callback_register(id, MOSQ_EVT_RELOAD, on_reload, NULL, NULL);
}

int mosquitto_plugin_cleanup(void *user, struct mosquitto_opt *options, int option_count)
{
	(void)user;
	(void)options;
	(void)option_count;
	return MOSQ_ERR_SUCCESS; /* the process ends next, and Python with it; the broker drops the callbacks itself */
}
