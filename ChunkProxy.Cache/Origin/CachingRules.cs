using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Decides, as a shared cache, whether a response may be stored and how long it stays fresh (RFC 9111 §3 and §4.2).</summary>
/// <remarks>Pure: equal fields at equal times give equal decisions.</remarks>
internal sealed class CachingRules(IOptions<CacheOptions> cache, IOptions<OriginOptions> origin)
{
    private readonly TimeSpan _longestGuess = cache.Value.DefaultFreshness;
    private readonly TimeSpan _staleOnError = cache.Value.StaleOnError;
    private readonly SetCookiePolicy _cookies = origin.Value.SetCookie;
    private readonly IReadOnlyList<string> _passedOn = origin.Value.RequestFieldNames;
    private readonly IReadOnlyList<string> _targetedFields = origin.Value.TargetedFieldNames;

    /// <param name="fields">The response's fields.</param>
    /// <param name="request">The client's fields that were forwarded with the request.</param>
    /// <param name="received">When the response header arrived.</param>
    /// <param name="delay">Time from sending the request to the response header.</param>
    /// <param name="freshness">What the operator says about the object.</param>
    public CachingDecision Decide(OriginFields fields, RequestFields request, DateTimeOffset received, TimeSpan delay, ObjectFreshness freshness = default)
    {
        var directives = DirectivesIn(fields);
        var age = ResponseAge.Of(fields, received, delay);
        var lifetime = directives.Min(each => freshness.Default is { } otherwise
            ? Freshness.StatedLifetimeOf(each, fields, age.Date, received, otherwise)
            : Freshness.LifetimeOf(each, fields, age.Date, received, _longestGuess));
        var generated = received - age.Initial;
        var fresh = freshness.Override is { } instead ? received + instead : generated + lifetime;
        var forbidsStale = directives.Any(each => each.ForbidsStale);
        string[] withheld = [.. directives.SelectMany(each => each.WithheldFields)];
        return new CachingDecision(
            VerdictOn(fields, request, directives, withheld, received, isStale: fresh <= received),
            generated,
            fresh,
            fresh + (forbidsStale ? TimeSpan.Zero : directives.Min(each => each.StaleWhileRevalidate.Or(TimeSpan.Zero))),
            fresh + (forbidsStale ? TimeSpan.Zero : directives.Min(each => each.StaleIfError.Or(_staleOnError))),
            _cookies is SetCookiePolicy.Drop ? [.. withheld, "Set-Cookie"] : withheld);
    }

    /// <summary>
    /// Returns how long a response without object bytes (an error, a redirect) may be stored for all clients; zero if it must not be stored.
    /// </summary>
    /// <param name="fields">The response's fields.</param>
    /// <param name="request">The client's fields that were forwarded with the request.</param>
    /// <param name="received">When the response header arrived.</param>
    /// <param name="delay">Time from sending the request to the response header.</param>
    /// <param name="longest">Upper bound, and the lifetime if the origin states none.</param>
    public TimeSpan LifetimeOfReply(OriginFields fields, RequestFields request, DateTimeOffset received, TimeSpan delay, TimeSpan longest)
    {
        var directives = DirectivesIn(fields);
        if (!MayShareReply(fields, request, received))
        {
            return TimeSpan.Zero;
        }

        var age = ResponseAge.Of(fields, received, delay);
        var left = directives.Min(each => Freshness.StatedLifetimeOf(each, fields, age.Date, received, longest + age.Initial)) - age.Initial;
        return left < longest ? left : longest;
    }

    /// <summary>Returns whether a response without object bytes is the same for all clients, whatever fields they send.</summary>
    /// <param name="fields">The response's fields.</param>
    /// <param name="request">The client's fields that were forwarded with the request.</param>
    /// <param name="received">When the response header arrived.</param>
    public bool MayShareReply(OriginFields fields, RequestFields request, DateTimeOffset received)
    {
        var directives = DirectivesIn(fields);
        return VerdictOn(fields, request, directives, [], received, isStale: false) is StoringVerdict.Shareable
            && directives.All(each => each.WithheldFields.Count == 0)
            && !fields.Has("Set-Cookie")
            && !FieldTokens.In(fields["Vary"]).Any(name => _passedOn.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    // RFC 9213 §2.2: the first targeted field present replaces Cache-Control. A malformed targeted field may have been damaged in transit, so then
    // both fields apply.
    private IReadOnlyList<CacheDirectives> DirectivesIn(OriginFields fields)
    {
        var general = CacheDirectiveReader.Read(fields["Cache-Control"]);
        foreach (var name in _targetedFields)
        {
            var targeted = CacheDirectiveReader.Read(fields[name], isStructured: true);
            if (targeted.HasKnown)
            {
                return targeted.IsWellFormed ? [targeted] : [targeted, general];
            }
        }

        return [general];
    }

    private StoringVerdict VerdictOn(OriginFields fields, RequestFields request, IReadOnlyList<CacheDirectives> directives, string[] withheld, DateTimeOffset received, bool isStale) =>
        directives.Any(each => each.NoStore) ? StoringVerdict.NoStore
        : directives.Any(each => each.Private) ? StoringVerdict.Private
        : FieldTokens.In(fields["Vary"]).Contains("*") ? StoringVerdict.VariesOnEverything
        : request.HasCredentials && !directives.All(each => each.AllowsSharing) ? StoringVerdict.ForOneUser
        : _cookies is SetCookiePolicy.PassThrough && fields.Has("Set-Cookie") && !withheld.Contains("Set-Cookie", StringComparer.OrdinalIgnoreCase) ? StoringVerdict.SetsCookie
        : isStale && !Freshness.HasValidator(fields, received) ? StoringVerdict.NeverReusable
        : StoringVerdict.Shareable;
}
