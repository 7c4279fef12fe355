using System.Net;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Exchanges;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Decides whether a client may read an object: by its address, by the signature of the URL, and by its bearer token.</summary>
internal sealed partial class AccessGate(IOptions<AccessOptions> options, UrlSigning signing, TimeProvider time, ILogger<AccessGate> log, BearerCheck? bearer = null)
{
    private const int LongestPath = 200;

    private readonly AddressRules _addresses = new(options.Value);
    private readonly Recurrence _refusals = new(time);

    /// <summary>Returns the verdict. A refusal is logged, at most one line a minute with the number of refusals since the last one.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="pathAndQuery">Path and query of the URL, in normal form.</param>
    /// <param name="signature">The signature of the URL, if it has one.</param>
    /// <param name="context">The request, for its token.</param>
    public ValueTask<AccessVerdict> JudgeAsync(IPAddress? client, string pathAndQuery, UrlSignature? signature, HttpContext context)
    {
        if (!signing.IsOn && _addresses.AreOff && bearer is null)
        {
            return new(AccessVerdict.Admitted);
        }

        var verdict = _addresses.Judge(client);
        if (verdict is AccessVerdict.Admitted && signing.IsOn)
        {
            verdict = signature?.Judge(signing.Keys, pathAndQuery[..QueryParameters.EndOfPath(pathAndQuery)], time.GetUtcNow()) ?? AccessVerdict.NotSigned;
        }

        if (verdict is not AccessVerdict.Admitted || bearer is null)
        {
            return new(Noted(verdict, client, pathAndQuery));
        }

        var judged = bearer.JudgeAsync(context.Request.Headers.Authorization, context.RequestAborted);
        return judged.IsCompletedSuccessfully ? new(Noted(judged.Result, client, pathAndQuery)) : NoteAsync(judged, client, pathAndQuery);
    }

    private async ValueTask<AccessVerdict> NoteAsync(ValueTask<AccessVerdict> judged, IPAddress? client, string pathAndQuery) =>
        Noted(await judged.ConfigureAwait(false), client, pathAndQuery);

    private AccessVerdict Noted(AccessVerdict verdict, IPAddress? client, string pathAndQuery)
    {
        if (verdict is not AccessVerdict.Admitted && _refusals.Happened() is > 0 and var count)
        {
            LogRefused(ShownText.PathOf(pathAndQuery, LongestPath), client, verdict, count);
        }

        return verdict;
    }

    [LoggerMessage(1, LogLevel.Information, "Refused {Path} to {Client}: {Verdict} ({Count} refusals since this was last logged)")]
    private partial void LogRefused(string path, IPAddress? client, AccessVerdict verdict, int count);
}
