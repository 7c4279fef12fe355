using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Exchanges;

/// <summary>The front end's plain totals since the process started, to be read at any time.</summary>
public sealed class FrontEndTotals : IClientBytes
{
    private const int Statuses = 600;

    // All threads bump these for each request: one word for all of them would go from core to core.
    private readonly StripedCounters _requestsByStatus = new(Statuses);
    private readonly TotalsBy<ResponseEnding> _requestsByEnding = new();
    private readonly StripedCounter _bytesSent = new();

    /// <inheritdoc/>
    public long Sent => _bytesSent.Value;

    /// <summary>Returns the totals of this moment. Figures that change meanwhile may be one request apart.</summary>
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
