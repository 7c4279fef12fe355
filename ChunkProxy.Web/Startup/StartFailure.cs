using ChunkProxy.Cache;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Web.CommandLine;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Startup;

/// <summary>Why a process could not start, for the person who started it.</summary>
/// <param name="Line">One line that names the flag, or the configuration key where there is no flag.</param>
/// <param name="ExitCode">2: a setting is wrong. 1: the settings are right and the machine refuses.</param>
internal sealed record StartFailure(string Line, int ExitCode)
{
    public const int WrongSetting = 2;
    public const int Refused = 1;

    /// <summary>Returns what to say of an exception; null if it is one that nobody expected, whose stack trace should be seen.</summary>
    public static StartFailure? Of(Exception exception) => exception switch
    {
        OptionsValidationException wrong => new(string.Join("; ", wrong.Failures.Select(NameFlag)), WrongSetting),

        // Several options are wrong, each with an exception of its own.
        AggregateException { InnerExceptions: var all } when all.All(e => e is OptionsValidationException) =>
            new(string.Join("; ", all.Cast<OptionsValidationException>().SelectMany(e => e.Failures).Select(NameFlag)), WrongSetting),

        // appsettings.json, named in the message.
        InvalidDataException { InnerException: { } reason } unreadable =>
            new($"{unreadable.Message} {reason.GetBaseException().Message}", WrongSetting),
        DirectoryInUseException taken => new(NameFlag($"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}: {taken.Message}"), Refused),
        StartException refused => new(NameFlag(refused.Message), Refused),
        _ => null,
    };

    /// <summary>Puts the flag in place of the configuration key that a message begins with.</summary>
    private static string NameFlag(string message)
    {
        var end = message.IndexOf(": ", StringComparison.Ordinal);
        return end > 0 && FlagTable.OfSetting(message[..end]) is { } flag ? flag + message[end..] : message;
    }
}
