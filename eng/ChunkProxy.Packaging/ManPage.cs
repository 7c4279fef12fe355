using System.Text;
using ChunkProxy.Web.Cli;
using ChunkProxy.Web.Cli.Completion;
using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Packaging;

/// <summary>The man page chunkproxy(1), made of the flags and commands that the program itself has.</summary>
internal static class ManPage
{
    /// <param name="version">As <c>0.2.0</c>.</param>
    /// <param name="date">As <c>2026-11-30</c>.</param>
    public static string Write(string version, string date)
    {
        var page = new StringBuilder($".TH CHUNKPROXY 1 \"{date}\" \"ChunkProxy {version}\" \"User Commands\"\n");
        page.Append(".SH NAME\nchunkproxy \\- caching reverse proxy for large immutable files\n");
        page.Append(".SH SYNOPSIS\n.B chunkproxy\n.B \\-url\n.I url\n.RI [ flags ]\n");
        foreach (var command in CompletedCommand.Named)
        {
            page.Append(".br\n.B chunkproxy ").Append(command.Name).Append('\n');
            if (command.Word is { } word)
            {
                page.Append(".I ").Append(word).Append('\n');
            }

            if (command.Flags is not [])
            {
                page.Append(".RI [ flags ]\n");
            }
        }

        page.Append("""
            .SH DESCRIPTION
            .B chunkproxy
            sits between clients and an origin server.
            It fetches only the chunks of a file that clients read, caches them in memory and on disk, and answers every range from them.
            Nodes share the chunks of a cluster by consistent hashing; they join and leave at any time.
            .SH OPTIONS
            Write
            .B \-flag
            .I value
            or
            .BI \-flag= value\fR,
            with one dash or two.

            """);
        foreach (var group in FlagTable.Groups)
        {
            page.Append(".SS ").Append(Text(group.Title)).Append('\n');
            AppendFlags(page, group.Flags);
        }

        page.Append(".SH COMMANDS\n");
        foreach (var command in CompletedCommand.Named)
        {
            page.Append(".SS ").Append(Text($"{command.Name} {command.Word}".TrimEnd())).Append('\n').Append(Text(command.Summary)).Append(".\n");
            if (command.Name == CommandNames.Sample)
            {
                page.Append("It takes the flags above, except for\n.BR \\-url .\nDefault address: 127.0.0.1:8080. Without\n.B \\-dir\nthe cache is deleted at the end.\n");
            }
            else if (command.Name == CommandNames.Check)
            {
                page.Append("It takes the flags above. It opens no port, asks no other process, and creates no file.\n");
            }
            else if (command.Words is not [])
            {
                page.Append("Shells: ").AppendJoin(", ", command.Words).Append(".\n");
            }
            else
            {
                AppendFlags(page, command.Flags);
            }
        }

        page.Append(".SH EXAMPLES\n");
        foreach (var (does, line) in HelpPage.Examples)
        {
            page.Append(".PP\n").Append(Text(does)).Append(":\n.PP\n.RS 4\n.B ").Append(Text(line)).Append("\n.RE\n");
        }

        return page.Append("""
            .SH EXIT STATUS
            .TP
            .B 0
            Done, or stopped by SIGTERM or Ctrl\-C.
            .TP
            .B 1
            It failed: a port in use, a directory that is not writable, a node that does not answer.
            .TP
            .B 2
            Wrong usage or an invalid setting.
            .SH ENVIRONMENT
            Every flag is a setting, too:
            .B ChunkProxy__Url
            for
            .BR \-url .
            A flag takes precedence over the environment, and the environment over
            .I appsettings.json
            in the working directory.
            .SH FILES
            .TP
            .I /etc/chunkproxy/chunkproxy.env
            Environment of the systemd service chunkproxy.service, where the Debian package installs one.
            .TP
            .I /var/cache/chunkproxy
            Disk cache of that service.
            .SH SEE ALSO
            .BR systemctl (1),
            .BR journalctl (1)

            """).ToString();
    }

    private static void AppendFlags(StringBuilder page, IEnumerable<Flag> flags)
    {
        foreach (var flag in flags)
        {
            page.Append(".TP\n.BI ").Append(Text(flag.ToString()));
            if (flag.Value is { } value)
            {
                page.Append(" \" ").Append(value.Placeholder).Append('"');
            }

            page.Append('\n').Append(Text(flag.Help)).Append(flag.Default is null ? "" : $" (default {Text(flag.Default)})").Append(".\n");
        }
    }

    // A backslash and a dash have a meaning to roff, and so has a line that begins with a dot or an apostrophe.
    private static string Text(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
