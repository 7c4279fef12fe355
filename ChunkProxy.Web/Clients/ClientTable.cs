namespace ChunkProxy.Web.Clients;

/// <summary>The clients that are known: those with something in progress, and the latest of the idle ones.</summary>
/// <remarks>
/// A client that is forgotten starts again with a full burst. Clients with something in progress are never forgotten. They are bounded by connections
/// and requests. The clients of all limits, those of the process and those of routes, are in one table, with one bound. Sixteen parts with a lock each, so that requests on different processors seldom wait for each other.
/// </remarks>
/// <param name="mostIdle">Most idle clients.</param>
/// <param name="make">Makes a client.</param>
internal sealed class ClientTable(int mostIdle, Func<LimitedKey, LimitedClient> make)
{
    private const int Parts = 16;

    private readonly Part[] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new Part(mostIdle / Parts, make))];

    /// <summary>Clients in the table.</summary>
    public int Count => _parts.Sum(part => part.Count);

    /// <summary>Returns the client, which stays until <see cref="Leave"/>.</summary>
    public LimitedClient Enter(LimitedKey key) => PartOf(key).Enter(key);

    public void Leave(LimitedClient client) => PartOf(client.Key).Leave(client);

    private Part PartOf(LimitedKey key) => _parts[key.Client.Value % Parts];

    private sealed class Part(int mostIdle, Func<LimitedKey, LimitedClient> make)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<LimitedKey, LimitedClient> _clients = []; // under _gate
        private readonly LinkedList<LimitedClient> _idle = []; // under _gate; those that are idle for the longest time are in front

        public int Count
        {
            get
            {
                lock (_gate)
                {
                    return _clients.Count;
                }
            }
        }

        public LimitedClient Enter(LimitedKey key)
        {
            lock (_gate)
            {
                if (!_clients.TryGetValue(key, out var client))
                {
                    client = make(key);
                    _clients.Add(key, client);
                }
                else if (client.Idle is { } place)
                {
                    _idle.Remove(place);
                    client.Idle = null;
                }

                client.Uses++;
                return client;
            }
        }

        public void Leave(LimitedClient client)
        {
            lock (_gate)
            {
                if (--client.Uses > 0)
                {
                    return;
                }

                client.Idle = _idle.AddLast(client);
                if (_idle.Count > mostIdle)
                {
                    _clients.Remove(_idle.First!.Value.Key);
                    _idle.RemoveFirst();
                }
            }
        }
    }
}
