using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>
/// [5.5] Brings a run's bytes from the origin. Resumes at the byte reached if a response breaks off; gives up after a bounded number of attempts.
/// </summary>
internal sealed class OriginSource(OriginServers origins, UpstreamWaits waits, DeliveryRates rates, TimeProvider time) : IFillSource
{
    // Unwanted bytes are read and discarded in pieces of this many bytes.
    private const int ScratchSize = 64 * 1024;

    public ChunkSource Kind => ChunkSource.Origin;

    public async ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        using var wait = waits.ForChunk(target.Chunk);
        var retry = new OriginRetry(origins.Of(target.Chunk.Version.Id));
        if (opened is not null)
        {
            retry.Attempts.Count();
        }

        while (!target.IsDone)
        {
            var before = target.Position;
            var isOpen = opened is not null;
            try
            {
                var body = opened ?? await OpenAsync(target, retry, cancellationToken).ConfigureAwait(false);
                opened = null;
                isOpen = true;
                await MeasuredAsync(target, body, retry.Server.Bodies, cancellationToken).ConfigureAwait(false);
                retry.Attempts.NoteProgress(); // not done: the origin sent less than requested
            }
            catch (ChunkReadException error)
            {
                if (target.Position > before)
                {
                    retry.Attempts.NoteProgress();
                }

                if (!await retry.TryPrepareAsync(error, isOpen, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }
            }
        }

        return true;
    }

    private static async ValueTask<OriginBody> OpenAsync(FillTarget target, OriginRetry retry, CancellationToken cancellationToken)
    {
        var chunk = target.Chunk;
        var start = chunk.Start + target.Position;
        if (await retry.Server.Bodies.TakeAsync(chunk.Version, start, cancellationToken).ConfigureAwait(false) is { } passing)
        {
            return passing;
        }

        // [5.5] The miss goes to the origin.
        var end = target.EndAtOrigin;
        var body = await retry.Server.Client.OpenBodyAsync(
            chunk.Version, new ByteRange(start, chunk.Start + end), retry.Attempts, cancellationToken).ConfigureAwait(false);
        if (!body.IsWhole) // all of it comes in any case
        {
            target.Shorten(end);
        }

        return body;
    }

    private async ValueTask MeasuredAsync(FillTarget target, OriginBody body, WholeBodies bodies, CancellationToken cancellationToken)
    {
        var (began, first) = (time.GetTimestamp(), body.Position);
        await ReadAsync(target, body, bodies, cancellationToken).ConfigureAwait(false);
        rates.NoteOrigin(body.Position - first, time.GetElapsedTime(began));
    }

    private static async ValueTask ReadAsync(FillTarget target, OriginBody body, WholeBodies bodies, CancellationToken cancellationToken)
    {
        var chunk = target.Chunk;
        if (!body.IsWhole)
        {
            using (body)
            {
                await FillAsync(target, body, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var broken = true;
        bodies.Reading(chunk.Version, body, chunk.Start + target.Limit);
        try
        {
            await PassChunksAsync(target, body, cancellationToken).ConfigureAwait(false);
            target.ExtendToFront((int)(body.Position - chunk.Start));
            await DiscardAsync(body, chunk.Start + target.Position, cancellationToken).ConfigureAwait(false);
            await FillAsync(target, body, cancellationToken).ConfigureAwait(false);
            broken = false;
        }
        finally
        {
            bodies.Return(body, broken);
        }
    }

    private static async ValueTask FillAsync(FillTarget target, OriginBody body, CancellationToken cancellationToken)
    {
        while (!target.IsDone && !body.IsAtEnd)
        {
            target.Advance(await body.ReadAsync(target.Room, cancellationToken).ConfigureAwait(false), ChunkSource.Origin);
        }
    }

    // The body contains the chunks before the wanted one in any case, so they are kept too.
    private static async ValueTask PassChunksAsync(FillTarget target, OriginBody body, CancellationToken cancellationToken)
    {
        var wanted = target.Chunk;
        while (body.Position < wanted.Start)
        {
            var passed = wanted.Version.Chunk(wanted.Version.Layout.IndexOf(body.Position));
            if (body.Position == passed.Start && target.Fill.TryBeginPassing(passed) is { } fill)
            {
                try
                {
                    await FillAsync(fill.Target, body, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    fill.End();
                }
            }

            await DiscardAsync(body, passed.Start + passed.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask DiscardAsync(OriginBody body, long until, CancellationToken cancellationToken)
    {
        if (body.Position >= until)
        {
            return;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(ScratchSize);
        while (body.Position < until)
        {
            await body.ReadAsync(scratch.AsMemory(0, (int)Math.Min(scratch.Length, until - body.Position)), cancellationToken).ConfigureAwait(false);
        }

        ArrayPool<byte>.Shared.Return(scratch); // not after a failure: a read in progress may still write into it
    }
}
