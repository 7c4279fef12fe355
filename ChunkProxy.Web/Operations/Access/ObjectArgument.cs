using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>
/// Reads which object an operator names: by its URL or the path and query of it, by origin and path (<see cref="ObjectId.Text"/>), or by the form in
/// which it is shown (<see cref="ShownPath"/>).
/// </summary>
/// <remarks>A shown form is resolved among the objects that this process knows. It names none if two of them are shown alike.</remarks>
internal sealed class ObjectArgument(CurrentRoutes routes, SiteTable sites, IOptions<FrontEndOptions> options, ObjectDirectory objects)
{
    private const string NeedsHost = "The host is part of the cache key: pass the whole URL, https://host/path.";

    private const string Expected = "path= takes the path of an object, as it stands in its URL: /film.mp4";

    /// <summary>Returns the object, or null and what to answer.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="refusal">Status and reason where there is no object.</param>
    /// <param name="host">The host, if the text is a path.</param>
    public ObjectId? Read(string text, out (int Status, string Reason) refusal, HostString host = default)
    {
        refusal = default;
        if (text.Length == 0)
        {
            refusal = (StatusCodes.Status400BadRequest, Expected);
            return null;
        }

        if (ShownPath.IsShown(text))
        {
            refusal = (StatusCodes.Status404NotFound, "No object known here is shown in this way. Pass its path and query.");
            return objects.FindShown(text);
        }

        if (Parse(text, host, options.Value.MaxTargetLength, Expected, out refusal) is not var (origin, named, path))
        {
            return null;
        }

        if (origin is { KeyHasHost: true } && !HostedTarget.IsOne(path))
        {
            refusal = (StatusCodes.Status400BadRequest, NeedsHost);
            return null;
        }

        var id = origin?.ObjectAt(path) ?? RoutesOf(named)?.Find(path)?.ObjectAt(named, path);
        refusal = id is null ? NoRoute : default;
        return id;
    }

    /// <summary>Returns <see cref="ObjectId.Text"/> of a path, or of the beginning of paths, that an operator names; or null and what to answer.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="isPrefix">Whether it is the beginning of paths.</param>
    /// <param name="longest">Most characters of the path.</param>
    /// <param name="expected">What the argument takes.</param>
    /// <param name="refusal">Status and reason where there is none.</param>
    public string? ReadPath(string text, bool isPrefix, int longest, string expected, out (int Status, string Reason) refusal)
    {
        if (Parse(text, host: default, longest, expected, out refusal) is not var (origin, host, path))
        {
            return null;
        }

        if (path.Contains('?', StringComparison.Ordinal))
        {
            refusal = (StatusCodes.Status400BadRequest, expected);
            return null;
        }

        if (origin is not null)
        {
            // A slash alone is the beginning of all keys, also of those with hosts.
            var isNamed = !origin.KeyHasHost || HostedTarget.IsOne(path) || (isPrefix && path == "/");
            refusal = isNamed ? default : (StatusCodes.Status400BadRequest, NeedsHost);
            return isNamed ? origin.TextOfPath(path) : null;
        }

        var found = isPrefix ? RoutesOf(host)?.FindForAll(path) : RoutesOf(host)?.Find(path);
        if (found?.TargetOf(host, path) is not { } target)
        {
            refusal = isPrefix && RoutesOf(host)?.Find(path) is not null
                ? (StatusCodes.Status400BadRequest, "Several routes are for these paths. Name the origin: media:/films/")
                : NoRoute;
            return null;
        }

        return found.Site.TextOfPath(target);
    }

    private (int Status, string Reason) NoRoute => (
        StatusCodes.Status404NotFound, TargetAnswer.Of(TargetVerdict.NoRoute).Reason + (routes.Table.UsesHosts ? " Pass the whole URL, https://host/path, or origin:/path." : ""));

    // Where the host matters, a path alone names no object.
    private HostRoutes? RoutesOf(HostString host) => routes.Table.UsesHosts && !host.HasValue ? null : routes.Table.Of(host);

    // A URL, a path, or an origin and a path.
    private (SiteRules? Origin, HostString Host, string Path)? Parse(string text, HostString host, int longest, string expected, out (int Status, string Reason) refusal)
    {
        refusal = default;
        var (origin, target) = (default(SiteRules), text);
        if (text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal))
        {
            var begin = text.IndexOf("://", StringComparison.Ordinal) + 3;
            var end = text.IndexOfAny(['/', '?'], begin) is >= 0 and var at ? at : text.Length;
            (host, target) = (new HostString(text[begin..end]), end == text.Length ? "/" : text[end..]);
        }
        else if (text.IndexOf(":/", StringComparison.Ordinal) is > 0 and var colon && sites.Find(text[..colon].ToLowerInvariant()) is { Name.Length: > 0 } named)
        {
            (origin, target) = (named, text[(colon + 1)..]);
        }
        else if (HostedTarget.IsOne(text))
        {
            origin = sites.Find(""); // as the process itself shows objects whose keys have hosts
        }

        var (ofKey, rest) = origin is { KeyHasHost: true } ? HostedTarget.Split(target) : (null, target);
        var verdict = RequestTarget.Parse(rest, longest, out var path);
        if (verdict is TargetVerdict.Accepted)
        {
            return (origin, host, ofKey is null ? path : HostedTarget.Of(ofKey.ToLowerInvariant(), path));
        }

        refusal = (StatusCodes.Status400BadRequest, $"{TargetAnswer.Of(verdict).Reason} {expected}");
        return null;
    }
}
