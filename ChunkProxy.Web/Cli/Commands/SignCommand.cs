using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Signs a URL. Asks no node.</summary>
internal sealed class SignCommand(TimeProvider time) : NodeCommand
{
    private const int LongestTarget = 65_536;

    private static readonly Flag KeyFile = new("urlkeyfile", "urlkeyfile", FlagValue.File, null, "File with the keys of signed URLs, as the nodes have it; the first one signs. Required");

    private static readonly Flag For = new("for", "for", FlagValue.Time, static () => "1h", "How long the signature is valid");

    private static readonly Flag Prefix = new(
        "prefix", "prefix", FlagValue.Path, null, "Sign all paths that begin with this text, which ends with a slash; default: the path of the URL only");

    public override string Name => "sign";

    public override string Summary => "Sign a URL for nodes with -urlkeyfile";

    public override string ArgumentName => "url";

    public override bool AsksNode => false;

    public override IReadOnlyList<Flag> Flags => [KeyFile, For, Prefix];

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy sign -urlkeyfile keys -for 6h https://cdn.example/films/orbit.mp4", "One film, for six hours"),
        ("chunkproxy sign -urlkeyfile keys -prefix /films/orbit/ https://cdn.example/films/orbit/master.m3u8", "A playlist with all of its segments"),
    ];

    public override Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var keys = KeysOf(input.ValueOf(KeyFile) ?? throw CommandFailure.WrongUsage($"{KeyFile}: needs a value: {FlagValue.File.Takes}"));
        var length = input.ValueOf(For) ?? For.Default!;
        if (!DurationText.TryRead(length, out var valid) || valid <= TimeSpan.Zero)
        {
            throw CommandFailure.WrongUsage($"{For}: '{length}' is not a time above 0, such as 6h");
        }

        if (RequestTarget.Parse(input.Word!, LongestTarget, out var target) is not TargetVerdict.Accepted)
        {
            throw CommandFailure.WrongUsage($"'{input.Argument}' is not the URL or the path of an object");
        }

        target = UrlSignature.RemoveFrom(target);
        var path = target.Split('?')[0];
        var prefix = input.ValueOf(Prefix);
        if (prefix is not null && !(UrlSignature.IsPrefix(prefix) && path.StartsWith(prefix, StringComparison.Ordinal)))
        {
            throw CommandFailure.WrongUsage($"{Prefix}: '{prefix}' is not a beginning of {path} that ends with a slash");
        }

        var server = input.Argument!.EndsWith(input.Word!, StringComparison.Ordinal) ? input.Argument[..^input.Word!.Length] : "";
        var parameters = UrlSignature.Sign(keys, prefix ?? path, prefix is not null, (time.GetUtcNow() + valid).ToUnixTimeSeconds());
        output.Page($"{server}{target}{(path == target ? '?' : '&')}{parameters}");
        return Task.CompletedTask;
    }

    private static UrlKeys KeysOf(string file)
    {
        try
        {
            return RereadFile<UrlKeys>.Read(file, UrlKeys.Parse);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or FormatException)
        {
            throw CommandFailure.WrongUsage($"{KeyFile}: {unusable.Message}");
        }
    }
}
