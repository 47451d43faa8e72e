"""MQTT in our own process: a connection from its first byte to its last, what it may cost, and who gets which message.

The embedded broker's; amqtt is behind one file of it.
"""
