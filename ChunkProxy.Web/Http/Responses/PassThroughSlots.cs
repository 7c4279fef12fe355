using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Limits the uncacheable responses that one client receives at one time. Each of them holds a connection to the origin.</summary>
/// <remarks>Only clients with a response in progress take memory.</remarks>
internal sealed class PassThroughSlots(IOptions<FrontEndOptions> options)
{
    private readonly ConcurrentDictionary<ClientKey, int> _inUse = new();
    private readonly int _limit = options.Value.PassThroughPerClient;

    /// <summary>For a response that is in memory.</summary>
    public static IDisposable NotNeeded { get; } = new NoSlot();

    /// <summary>Takes a slot, to be freed by disposal. Returns null if the client has all of its slots in use.</summary>
    public IDisposable? TryTake(IPAddress? address)
    {
        var client = ClientKey.Of(address);
        while (true)
        {
            var count = _inUse.GetOrAdd(client, 0);
            if (count >= _limit)
            {
                return null;
            }

            if (_inUse.TryUpdate(client, count + 1, count))
            {
                return new Slot(this, client);
            }
        }
    }

    private void Free(ClientKey client)
    {
        var left = _inUse.AddOrUpdate(client, 0, static (_, count) => count - 1);
        if (left == 0)
        {
            _inUse.TryRemove(KeyValuePair.Create(client, 0)); // unless it was taken again meanwhile
        }
    }

    private sealed class NoSlot : IDisposable
    {
        public void Dispose()
        {
        }
    }

    private sealed class Slot(PassThroughSlots slots, ClientKey client) : IDisposable
    {
        private int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0)
            {
                slots.Free(client);
            }
        }
    }
}
