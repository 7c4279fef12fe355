using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Decides from a response's fields, as a shared cache, whether it may be kept and how long it may be used (RFC 9111 §3 and §4.2).</summary>
/// <remarks>Pure: equal fields at equal times give equal decisions.</remarks>
internal sealed class CachingRules(IOptions<CacheOptions> cache, IOptions<OriginOptions> origin)
{
    private readonly TimeSpan _longestGuess = cache.Value.DefaultFreshness;
    private readonly TimeSpan _staleOnError = cache.Value.StaleOnError;
    private readonly SetCookiePolicy _cookies = origin.Value.SetCookie;
    private readonly IReadOnlyList<string> _passedOn = origin.Value.RequestFieldNames;
    private readonly IReadOnlyList<string> _targetedFields = origin.Value.TargetedFieldNames;

    /// <param name="fields">The response's fields.</param>
    /// <param name="request">The client's fields that were passed on with the request.</param>
    /// <param name="received">When the response's head arrived.</param>
    /// <param name="delay">How long that took after the request was sent.</param>
    public CachingDecision Decide(OriginFields fields, RequestFields request, DateTimeOffset received, TimeSpan delay)
    {
        var directives = DirectivesIn(fields);
        var age = ResponseAge.Of(fields, received, delay);
        var lifetime = directives.Min(each => Freshness.LifetimeOf(each, fields, age.Date, received, _longestGuess));
        var generated = received - age.Initial;
        var fresh = generated + lifetime;
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

    /// <summary>How long a response that has no bytes of an object (an error, a redirect) may be kept for all clients; zero: not at all.</summary>
    /// <param name="fields">The response's fields.</param>
    /// <param name="request">The client's fields that were passed on with the request.</param>
    /// <param name="received">When the response's head arrived.</param>
    /// <param name="delay">How long that took after the request was sent.</param>
    /// <param name="longest">It is never kept for longer, and for so long where the origin says nothing.</param>
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

    /// <summary>Such a response is for all clients, and not for the one alone that made the request, or for those that make it with the same fields.</summary>
    /// <param name="fields">The response's fields.</param>
    /// <param name="request">The client's fields that were passed on with the request.</param>
    /// <param name="received">When the response's head arrived.</param>
    public bool MayShareReply(OriginFields fields, RequestFields request, DateTimeOffset received)
    {
        var directives = DirectivesIn(fields);
        return VerdictOn(fields, request, directives, [], received, isStale: false) is StoringVerdict.Shareable
            && directives.All(each => each.WithheldFields.Count == 0)
            && !fields.Has("Set-Cookie")
            && !FieldTokens.In(fields["Vary"]).Any(name => _passedOn.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    // RFC 9213 §2.2: the first targeted field that is there takes the place of Cache-Control. One that breaks its grammar cannot be
    // told from one that was damaged, so both are obeyed then.
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
