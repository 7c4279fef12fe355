using System.Buffers;
using System.Globalization;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Cache.Pool;

/// <summary>Sends slices to other members, with the tags of their blocks if the pool has a key.</summary>
internal sealed class SliceSender(BodyOutputs outputs, CacheMetrics metrics)
{
    // A slice that a member has read ahead waits until its client has taken the slices before it. The member would take an earlier end for a failure.
    private static readonly TimeSpan LongestStall = TimeSpan.FromHours(1);

    /// <summary>Sends an open slice as the body of the response. Aborts the response if bytes are unavailable: the member then continues elsewhere.</summary>
    /// <param name="context">The request.</param>
    /// <param name="sending">The slice.</param>
    /// <param name="isCounted">Whether its bytes count as served for clients.</param>
    public async Task SendAsync(HttpContext context, SliceSending sending, bool isCounted)
    {
        using var tags = context.Features.Get<ProvenAnswer>()?.Tags();
        var blocks = new SealedBlocks(sending.IsInMemory ? SealedBlocks.GridInMemory : SealedBlocks.GridOnTheWay);
        context.Response.ContentLength = tags is null ? sending.Slice.Length : blocks.LengthOf(sending.Slice);
        context.Response.Headers[PoolProtocol.Block] = tags is null ? default : blocks.Grid.ToString(CultureInfo.InvariantCulture);
        using var output = outputs.Create(context, LongestStall);
        try
        {
            await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
            await (tags is null
                ? SendPlainAsync(output, sending, isCounted, context.RequestAborted)
                : SendSealedAsync(output, context.Response.BodyWriter, sending, blocks, tags, isCounted, context.RequestAborted)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChunkReadException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private async Task SendPlainAsync(IBodyOutput output, SliceSending sending, bool isCounted, CancellationToken cancellationToken)
    {
        var slice = sending.Slice;
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var bytes = await sending.ReadAsync(offset, slice.End - offset, cancellationToken).ConfigureAwait(false);
            offset += await SendAsync(output, bytes, sending, isCounted, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendSealedAsync(
        IBodyOutput output, IBufferWriter<byte> body, SliceSending sending, SealedBlocks blocks, BlockTags tags, bool isCounted, CancellationToken cancellationToken)
    {
        var tag = new byte[BlockTags.Size];
        var slice = sending.Slice;
        var block = 0;
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var end = blocks.EndOf(slice, offset);
            var bytes = await sending.ReadWholeAsync(offset, end - offset, cancellationToken).ConfigureAwait(false);
            tags.Compute(block++, bytes.Span, tag);
            body.Write(tag);
            while ((offset += await SendAsync(output, bytes, sending, isCounted, cancellationToken).ConfigureAwait(false)) < end)
            {
                bytes = await sending.ReadAsync(offset, end - offset, cancellationToken).ConfigureAwait(false); // given back: the same bytes again
            }
        }
    }

    private async ValueTask<int> SendAsync(IBodyOutput output, ReadOnlyMemory<byte> bytes, SliceSending sending, bool isCounted, CancellationToken cancellationToken)
    {
        var count = await output.WriteAsync(bytes, sending, cancellationToken).ConfigureAwait(false);
        if (isCounted)
        {
            metrics.PeerSent(count);
        }

        return count;
    }
}
