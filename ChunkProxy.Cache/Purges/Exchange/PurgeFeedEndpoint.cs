using System.Globalization;
using System.Text.Json;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Returns the purged objects to other members (GET), and purges objects here on their request (POST).</summary>
/// <remarks>
/// It waits only for processes that listen to this one, and for a bounded time, so two members that ask each other cannot deadlock.
/// </remarks>
internal sealed class PurgeFeedEndpoint(
    PurgeLedger ledger, PurgeApplier applier, PurgeListeners listeners, PurgeTimes times, SharedSettings settings, SiteTable sites) : IPoolEndpoint
{
    private const int LongestOrder = 256 * 1024; // in bytes; a path has at most 64 KiB, and JSON may escape characters

    // Distinguishes sequences of this run of the process from those of other runs.
    private readonly string _instance = Guid.NewGuid().ToString("N");

    public string Path => PoolProtocol.PurgesPath;

    public Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        return HttpMethods.IsPost(context.Request.Method) ? PurgeAsync(context) : WriteAsync(context);
    }

    private async Task WriteAsync(HttpContext context)
    {
        var heard = ReadSequence(context.Request.Headers[PoolProtocol.After]);
        var erased = context.Request.Headers[PoolProtocol.Erased] is [{ } earlier] ? Math.Min(ReadSequence(earlier), heard) : heard;
        if (context.Request.Headers[PoolProtocol.Listener] is [{ Length: > 0 } listener] && !listeners.TryNote(listener, heard, erased))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable; // the process must listen to another member
            return;
        }

        if (context.Request.Headers.ContainsKey(PoolProtocol.Wait))
        {
            await WaitForPurgesAsync(heard, context.RequestAborted).ConfigureAwait(false);
        }

        var (purges, sequence) = ledger.After(heard);
        var batch = new PurgeBatch(
            string.Create(CultureInfo.InvariantCulture, $"{_instance}.{sequence}"),
            ledger.Floor,
            [.. purges.Select(PurgeBatch.Entry.Of)],
            settings.Values);
        await PoolReply.WriteJsonAsync(context, batch, PurgeJson.Default.PurgeBatch).ConfigureAwait(false);
    }

    private async Task WaitForPurgesAsync(long heard, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, listeners.Closed);
        await ((Task)ledger.WhenAfter(heard).WaitAsync(times.LongPollTime, times.Clock, ended.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PurgeAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not (> 0 and <= LongestOrder)
            || await ReadOrderAsync(context.Request).ConfigureAwait(false) is not { Path: { }, Stamp: > 0 } order
            || !ledger.IsPlausible(order.Stamp)
            || PurgeOf(order) is not { } purge)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        ledger.Add([purge]);
        var sequence = ledger.Sequence;
        await applier.WhenDoneAsync(sequence, context.RequestAborted).ConfigureAwait(false);
        var unheard = await listeners.WhenAcknowledgedAsync(sequence, context.RequestAborted, except: order.From).ConfigureAwait(false);
        var erased = applier.ResultOf(purge);
        await PoolReply.WriteJsonAsync(
            context, new PurgeConfirmation(ledger.GenerationAfter(purge), erased.Chunks, erased.Bytes, unheard), PurgeJson.Default.PurgeConfirmation).ConfigureAwait(false);
    }

    private Purge? PurgeOf(PurgeRequest order) => order.Scope is PurgeScope.Object
        ? sites.Read(order.Path) is { } id ? new Purge(id.Hash, order.Stamp, order.Path) : null
        : order.Scope is PurgeScope.Tag || sites.Has(order.Path) ? Purge.OfSeveral(order.Scope, order.Path, order.Stamp) : null;

    // Returns null if the content is not a valid request.
    private static async Task<PurgeRequest?> ReadOrderAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, PurgeJson.Default.PurgeRequest, request.HttpContext.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private long ReadSequence(string? after) =>
        after?.Split('.') is [var instance, var sequence] && instance == _instance
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var heard)
            ? heard
            : 0;
}
