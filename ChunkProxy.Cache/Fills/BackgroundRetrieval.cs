using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Fills;

/// <summary>Fetches the bytes of runs in the background. Whatever happens to a run, its fill is informed of the end.</summary>
internal sealed class BackgroundRetrieval(IChunkRetrieval retrieval, ILogger<BackgroundRetrieval> log)
{
    /// <summary>Starts to fetch a run's bytes, never on the caller's thread, which may be a socket's.</summary>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="opened">A response of the origin that already delivers the bytes, or null; disposed of here.</param>
    /// <param name="unwanted">Cancelled when no reader wants the bytes any more.</param>
    public void Start(FillTarget target, OriginBody? opened, CancellationToken unwanted) =>
        _ = Task.Run(() => RunAsync(target, opened, unwanted), CancellationToken.None);

    private async Task RunAsync(FillTarget target, OriginBody? opened, CancellationToken unwanted)
    {
        ChunkReadException? failure = null;
        var start = target.Position;
        using var span = CacheTracing.StartFill(target.Chunk, target.Position, target.Limit);
        try
        {
            await retrieval.RetrieveAsync(target, opened, unwanted).ConfigureAwait(false);
            span.Found(new ReadReport(target.Fill.Source, Collapsed: false));
        }
        catch (OperationCanceledException) when (unwanted.IsCancellationRequested)
        {
            span.EndedAs(nameof(FillOutcome.Abandoned)); // no reader wants the bytes any more
        }
        catch (ChunkReadException error)
        {
            failure = error;
            span.Failed(error.Error);
        }
        catch (Exception error)
        {
            // A bug or an unexpected I/O error: the readers get it, and the next fill tries again.
            failure = new ChunkReadException(ProxyError.OriginMisbehaved, "the chunk could not be retrieved", error);
            span.Failed(failure.Error);
            log.FillFailedUnexpectedly(target.Chunk.Version.Id.Shown, target.Chunk.Index, error);
        }

        span?.SetTag(Tag.Bytes, target.Position - start);
        target.Fill.End(target.Run, failure);
    }
}
