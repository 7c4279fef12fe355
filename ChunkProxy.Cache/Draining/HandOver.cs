using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Draining;

/// <summary>Hands over chunks when a member stops: it offers the hottest ones to their new owners, which fetch them while it drains.</summary>
internal sealed class HandOver(
    ClusterView cluster,
    PeerClient client,
    FillTable fills,
    HeldChunks held,
    IOptions<PeerOptions> options,
    OfferLines lines,
    TimeProvider time,
    ILogger<HandOver> log)
{
    // Chunks per request. The receiver fetches them one after the other.
    private const int Batch = 64;
    private const int LongestOffer = Batch * OfferLines.Longest;

    private static readonly ReadOnlyMemory<byte> SignOfProgress = "\n"u8.ToArray();

    /// <summary>Offers the chunks in memory, hottest first, to the members that own them without this process. Ends with the time limit.</summary>
    public async Task OfferWithinLimitAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(options.Value.HandOverTime, time, cancellationToken);
        await OfferAllAsync(limit.Token).ConfigureAwait(false);
    }

    /// <summary>Does the same without a time limit, for a process that is not about to stop.</summary>
    public async Task OfferAllAsync(CancellationToken cancellationToken)
    {
        var offered = 0;
        try
        {
            foreach (var batch in held.HottestFirst().Chunk(Batch))
            {
                foreach (var (owner, chunks) in ByNewOwner(batch))
                {
                    if (await client.OfferAsync(owner, chunks, cancellationToken).ConfigureAwait(false))
                    {
                        offered += chunks.Count(letter => letter == '\n');
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            log.HandOverCutShort();
        }

        log.ChunksOffered(offered);
    }

    /// <summary>
    /// Fetches the offered chunks and answers one byte after each, so that the giver knows how far it has got and that it is not stuck.
    /// </summary>
    public async Task AcceptAsync(HttpRequest request)
    {
        if (request.ContentLength is not (> 0 and <= LongestOffer))
        {
            request.HttpContext.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        while (await reader.ReadLineAsync(request.HttpContext.RequestAborted).ConfigureAwait(false) is { } line)
        {
            if (lines.Read(line) is { } chunk)
            {
                await FetchAsync(chunk, request.HttpContext.RequestAborted).ConfigureAwait(false);
            }

            await request.HttpContext.Response.BodyWriter.WriteAsync(SignOfProgress, request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        try
        {
            // Reads the whole chunk: its fill finds the giver as the former owner.
            var slice = chunk.Whole;
            if (await fills.OpenAsync(chunk, slice, FillPurpose.ForPeer, cancellationToken).ConfigureAwait(false) is not { } lease)
            {
                return;
            }

            using (lease)
            {
                await lease.ReadThroughAsync(chunk.Length, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ChunkReadException)
        {
            // The next reader of the chunk gets an error of its own.
        }
    }

    private IEnumerable<(Member Owner, string Chunks)> ByNewOwner(IEnumerable<Chunk> chunks)
    {
        var owners = cluster.Owners;
        return chunks
            .GroupBy(chunk => owners.OwnerOf(chunk.Version.Id.Hash, chunk.Index))
            .Where(group => group.Key is { } owner && owner.Id != cluster.Self?.Id)
            .Select(group => (group.Key!, string.Concat(group.Select(OfferLines.Write))));
    }
}
