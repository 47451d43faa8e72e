"""What makes the gate beside RabbitMQ run: its sockets, its siblings, and RabbitMQ's management interface.

The gate's own side of it is `broker/engines/rabbitmq.py`.
"""
