using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Why a process could not start, for the person who started it.</summary>
/// <param name="Line">One line that names the setting.</param>
/// <param name="ExitCode">2: a setting is wrong. 1: the settings are right and the machine refuses.</param>
internal sealed record StartFailure(string Line, int ExitCode)
{
    public const int WrongSetting = 2;
    public const int Refused = 1;

    /// <summary>Returns what to say of an exception; null if it is one that nobody expected, whose stack trace should be seen.</summary>
    /// <param name="exception">What ended the start.</param>
    /// <param name="flagOf">Names the flag that sets a configuration key, where there is one: people look for what they wrote.</param>
    public static StartFailure? Of(Exception exception, Func<string, string?> flagOf)
    {
        return exception switch
        {
            OptionsValidationException wrong => Wrong(wrong.Failures),

            // Several options are wrong, each with an exception of its own.
            AggregateException { InnerExceptions: var all } when all.All(e => e is OptionsValidationException) =>
                Wrong(all.Cast<OptionsValidationException>().SelectMany(e => e.Failures)),

            // appsettings.json, named in the message.
            InvalidDataException { InnerException: { } reason } unreadable =>
                new($"{unreadable.Message} {reason.GetBaseException().Message}", WrongSetting),
            DirectoryInUseException taken => new(NameFlag($"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}: {taken.Message}"), Refused),
            StartException refused => new(NameFlag(refused.Message), Refused),
            _ => null,
        };

        StartFailure Wrong(IEnumerable<string> failures) => new(string.Join("; ", failures.Select(NameFlag)), WrongSetting);

        // Puts the flag in place of the configuration key that a message begins with.
        string NameFlag(string message)
        {
            var end = message.IndexOf(": ", StringComparison.Ordinal);
            return end > 0 && flagOf(message[..end]) is { } flag ? flag + message[end..] : message;
        }
    }
}
