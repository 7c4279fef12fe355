namespace ChunkProxy.FunctionalTests.Rfc9110;

/// <summary>A request, and the request to which nginx's response is the expected one.</summary>
/// <remarks>
/// They differ only where nginx does not follow the RFC, or where the RFC permits a choice and the proxy makes another one. Then
/// <see cref="Because"/> gives the reason, and <see cref="AsIf"/> is an equivalent request without ambiguity. In headers, <c>{etag}</c> and
/// <c>{date}</c> stand for the object's validators, <c>{before}</c> and <c>{after}</c> for times around the date.
/// </remarks>
public sealed record RfcCase(string Method, string Path, params string[] Headers)
{
    /// <summary>The request that nginx receives.</summary>
    public RfcCase? AsIf { get; private init; }

    public string? Because { get; private init; }

    public RfcCase Differs(string because, RfcCase asIf) => this with { Because = because, AsIf = asIf };

    public RfcCase Differs(string because, params string[] asIfHeaders) => Differs(because, new RfcCase(Method, Path, asIfHeaders));

    public override string ToString() => string.Join(" | ", [$"{Method} {Path}", .. Headers]);
}
