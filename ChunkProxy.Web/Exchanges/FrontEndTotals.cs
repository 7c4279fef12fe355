using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Totals of the front end since the process started. Thread-safe.</summary>
public sealed class FrontEndTotals : IClientBytes
{
    private const int Statuses = 600;

    // All threads increment these for each request. A single word would move between the cores' caches.
    private readonly StripedCounters _requestsByStatus = new(Statuses);
    private readonly TotalsBy<ResponseEnding> _requestsByEnding = new();
    private readonly StripedCounter _bytesSent = new();
    private readonly ClientConnections _connections;

    internal FrontEndTotals(ClientConnections connections) => _connections = connections;

    /// <inheritdoc/>
    public long Sent => _bytesSent.Value;

    /// <summary>Returns the current totals. They are not read at one instant, so they may differ by a request.</summary>
    public FrontEndFigures Read()
    {
        var byStatus = new SortedDictionary<int, long>();
        for (var status = 0; status < Statuses; status++)
        {
            var count = _requestsByStatus[status];
            if (count > 0)
            {
                byStatus[status] = count;
            }
        }

        return new FrontEndFigures(
            _connections.Slots.Count,
            _connections.Slots.Limit,
            _connections.Slots.Refused,
            _connections.Slots.Ended,
            byStatus.Values.Sum(),
            _bytesSent.Value,
            _requestsByEnding[ResponseEnding.ClientGone],
            _requestsByEnding[ResponseEnding.ClientStalled],
            _requestsByEnding[ResponseEnding.ReadFailed],
            _requestsByEnding[ResponseEnding.Faulted],
            byStatus);
    }

    internal void RequestEnded(int status, ResponseEnding ending)
    {
        _requestsByStatus.Add(status is > 0 and < Statuses ? status : 0, 1);
        _requestsByEnding.Increment(ending);
    }

    internal void BytesSent(long bytes) => _bytesSent.Add(bytes);
}
