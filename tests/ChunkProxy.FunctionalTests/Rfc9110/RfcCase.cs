namespace ChunkProxy.FunctionalTests.Rfc9110;

/// <summary>A request, and the request to which nginx's answer is the right one for it.</summary>
/// <remarks>
/// The two are the same but for where nginx does not do what the RFC says, or the RFC leaves a choice and the proxy takes another one:
/// then <see cref="Because"/> says what and <see cref="AsIf"/> is an equal request about which there is no doubt.
/// In headers <c>{etag}</c> and <c>{date}</c> stand for the object's validators, <c>{before}</c> and <c>{after}</c> for times around the latter.
/// </remarks>
public sealed record RfcCase(string Method, string Path, params string[] Headers)
{
    /// <summary>Method, path and headers of the request that nginx gets.</summary>
    public RfcCase? AsIf { get; private init; }

    public string? Because { get; private init; }

    public RfcCase Differs(string because, RfcCase asIf) => this with { Because = because, AsIf = asIf };

    public RfcCase Differs(string because, params string[] asIfHeaders) => Differs(because, new RfcCase(Method, Path, asIfHeaders));

    public override string ToString() => string.Join(" | ", [$"{Method} {Path}", .. Headers]);
}
