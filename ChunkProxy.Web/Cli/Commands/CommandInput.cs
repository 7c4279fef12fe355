using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Cache.Security;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The parsed arguments of a command.</summary>
/// <param name="Node">The node to ask.</param>
/// <param name="Key">The admin key; null if there is none.</param>
/// <param name="Json">Whether to print the answer as JSON.</param>
/// <param name="Word">The argument that is not a flag, if the command takes one.</param>
/// <param name="Settings">The values of the command's own flags.</param>
internal sealed record CommandInput(Uri Node, string? Key, bool Json, string? Word, IReadOnlyDictionary<string, string?> Settings)
{
    /// <summary>The argument that is not a flag, as typed: <see cref="Word"/> is its path.</summary>
    public string? Argument { get; init; }

    /// <summary>The certificates to trust; null: those that the system trusts.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    /// <summary>The argument as a node is asked for it: with the host of a URL, which selects the route.</summary>
    public string Object => ObjectPath.ForNode(Argument!);

    /// <summary>All arguments that are not flags, as typed.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public bool IsSet(Flag flag) => Settings.TryGetValue(flag.Setting!, out var value) && bool.TryParse(value, out var set) && set;

    public string? ValueOf(Flag flag) => Settings.GetValueOrDefault(flag.Setting!);

    /// <exception cref="CommandFailure">An argument is invalid or missing.</exception>
    public static CommandInput Read(NodeCommand command, FlagReading flags, Func<string, string?> environment)
    {
        string? Value(Flag flag) => flags.Settings.GetValueOrDefault(flag.Setting!);
        foreach (var flag in CommandFlags.Of(command).Where(flag => flag is { Value: null, Setting: not null } && Value(flag) is not null))
        {
            if (!bool.TryParse(Value(flag), out _))
            {
                throw CommandFailure.WrongUsage($"{flag}: '{Value(flag)}' is neither true nor false");
            }
        }

        if (command is { NeedsArgument: true, ArgumentName: { } word } && flags.Words is [])
        {
            throw CommandFailure.WrongUsage($"{command.Name} needs a {word}: chunkproxy {command.Name} {command.Examples[0].Line.Split(' ')[^1]}");
        }

        var node = Value(CommandFlags.Node) ?? NodeAddress.OfEnvironment(environment);
        var input = new CommandInput(
            NodeAddress.Read(node) ?? throw CommandFailure.WrongUsage($"{CommandFlags.Node}: '{node}' is not a URL such as {NodeAddress.Standard}"),
            KeyOf(Value(CommandFlags.Key), Value(CommandFlags.KeyFile)) ?? KeyOf(environment("ChunkProxy__AdminKey"), environment("ChunkProxy__AdminKeyFile")),
            Value(CommandFlags.Json) is { } json && bool.Parse(json),
            flags.Words is [var first, ..] ? ObjectPath.Read(first) : null,
            flags.Settings)
        {
            Argument = flags.Words is [var typed, ..] ? typed : null,
            Arguments = flags.Words,
            Trusted = Value(CommandFlags.CaFile) is { } file ? TrustedIn(file) : null,
        };
        return input;
    }

    private static X509Certificate2Collection TrustedIn(string file)
    {
        try
        {
            var trusted = TrustedAuthorities.Read(file);
            return trusted is [] ? throw CommandFailure.WrongUsage($"{CommandFlags.CaFile}: '{file}' contains no certificate (PEM)") : trusted;
        }
        catch (Exception unreadable) when (TrustedAuthorities.IsUnreadable(unreadable))
        {
            throw CommandFailure.WrongUsage($"{CommandFlags.CaFile}: cannot be read: {unreadable.Message}");
        }
    }

    private static string? KeyOf(string? key, string? file)
    {
        try
        {
            return SharedSecret.TextsOf(key, file) is [var first, ..] ? first : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.WrongUsage($"{CommandFlags.KeyFile}: cannot be read: {unreadable.Message}");
        }
    }
}
