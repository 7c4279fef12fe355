using System.Globalization;
using System.Security.Cryptography;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Security;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>Authenticates pool requests: a member's request proves that the sender has the pool key, and is not a replay.</summary>
internal sealed class RequestGuard(KeyRing keys, IOptions<PeerOptions> options, TimeProvider time)
{
    /// <summary>Most bytes in a request body. The body is read only after the header has been verified.</summary>
    public const int LongestContent = 1024 * 1024;

    private readonly MacKeys? _requests = keys.KeysFor(KeyPurpose.Request);
    private readonly MacKeys? _answers = keys.KeysFor(KeyPurpose.Answer);
    private readonly MacKeys? _bodies = keys.KeysFor(KeyPurpose.Body);
    private readonly ReplayWindows _replays = new(options.Value.ClockTolerance, time);

    /// <summary>Checks a request. The response to an admitted request will be signed, and its body matches the proof.</summary>
    /// <param name="context">The request.</param>
    /// <param name="self">This process's pool address, to which the request must be addressed.</param>
    public async ValueTask<RequestVerdict> JudgeAsync(HttpContext context, string self)
    {
        if (_requests is null)
        {
            return RequestVerdict.Admitted;
        }

        var verdict = JudgeHead(context, self);
        return verdict is RequestVerdict.Admitted && !await TakeContentAsync(context.Request).ConfigureAwait(false) ? RequestVerdict.OtherContent : verdict;
    }

    private RequestVerdict JudgeHead(HttpContext context, string self)
    {
        var request = context.Request;
        var mac = new byte[MacKey.Size];
        if (!PoolProof.TryRead(FieldOf(request.Headers, PoolProof.Field), out var sender, mac) || !TryReadSender(sender, out var process, out var number, out var sent))
        {
            return RequestVerdict.NoProof;
        }

        int key;
        var text = new MacText(stackalloc byte[1024]);
        try
        {
            PoolProof.AddRequest(ref text, request.Method, request.Path.Value ?? "", self, sender.ToString(), name => FieldOf(request.Headers, name));
            key = _requests!.IndexOf(text.Written, mac);
        }
        finally
        {
            text.Dispose();
        }

        if (key == MacKeys.None)
        {
            return RequestVerdict.OtherKey;
        }

        switch (_replays.Judge(process, number, sent))
        {
            case ReplayVerdict.New:
                var answer = new ProvenAnswer(_answers![key], _bodies![key], mac);
                context.Features.Set(answer);
                answer.SignWhenStarting(context.Response);
                return RequestVerdict.Admitted;
            case ReplayVerdict.WrongTime:
                return RequestVerdict.OtherClock;
            case ReplayVerdict.TooManySenders:
                return RequestVerdict.TooManySenders;
            default:
                return RequestVerdict.Replayed;
        }
    }

    // The whole body is read before it is used. Its length is limited here, and its time by Kestrel's MinRequestBodyDataRate.
    private static async ValueTask<bool> TakeContentAsync(HttpRequest request)
    {
        var digest = FieldOf(request.Headers, PoolProof.Content);
        if (digest is null)
        {
            var hasNone = request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
            request.Body = Stream.Null;
            return hasNone;
        }

        if (request.ContentLength is not (> 0 and <= LongestContent))
        {
            return false;
        }

        var content = new byte[(int)request.ContentLength];
        await request.Body.ReadExactlyAsync(content, request.HttpContext.RequestAborted).ConfigureAwait(false);
        request.Body = new MemoryStream(content, writable: false);
        return digest == PoolProof.DigestOf(content);
    }

    private static bool TryReadSender(ReadOnlySpan<char> text, out UInt128 process, out long number, out long sent)
    {
        (process, number, sent) = (default, 0, 0);
        Span<Range> parts = stackalloc Range[4];
        return text.Split(parts, '.') == 3
            && UInt128.TryParse(text[parts[0]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out process)
            && long.TryParse(text[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && long.TryParse(text[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out sent);
    }

    // Repeated fields get a value that no proof covers: members send each field once.
    private static string? FieldOf(IHeaderDictionary headers, string name) => headers[name] switch
    {
        [] => null,
        [var value] => value ?? "",
        _ => "\0",
    };
}
