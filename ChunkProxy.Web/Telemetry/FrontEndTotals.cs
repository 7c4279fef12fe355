using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Responses;

namespace ChunkProxy.Web.Telemetry;

/// <summary>The front end's plain totals since the process started, to be read at any time.</summary>
public sealed class FrontEndTotals : IClientBytes
{
    private const int Statuses = 600;

    private readonly long[] _requestsByStatus = new long[Statuses];
    private readonly long[] _requestsByEnding = new long[Enum.GetValues<ResponseEnding>().Length];
    private long _bytesSent;

    /// <inheritdoc/>
    public long Sent => Interlocked.Read(ref _bytesSent);

    /// <summary>Returns the totals of this moment. Figures that change meanwhile may be one request apart.</summary>
    public FrontEndFigures Read()
    {
        var byStatus = new SortedDictionary<int, long>();
        for (var status = 0; status < Statuses; status++)
        {
            var count = Interlocked.Read(ref _requestsByStatus[status]);
            if (count > 0)
            {
                byStatus[status] = count;
            }
        }

        return new FrontEndFigures(
            byStatus.Values.Sum(),
            byStatus,
            Interlocked.Read(ref _bytesSent),
            Of(ResponseEnding.ClientGone),
            Of(ResponseEnding.ClientStalled),
            Of(ResponseEnding.ReadFailed),
            Of(ResponseEnding.Faulted));
    }

    internal void RequestEnded(int status, ResponseEnding ending)
    {
        Interlocked.Increment(ref _requestsByStatus[status is > 0 and < Statuses ? status : 0]);
        Interlocked.Increment(ref _requestsByEnding[(int)ending]);
    }

    internal void BytesSent(long bytes) => Interlocked.Add(ref _bytesSent, bytes);

    private long Of(ResponseEnding ending) => Interlocked.Read(ref _requestsByEnding[(int)ending]);
}
