// AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
// Runs a program and writes what it used to the file named first: seconds of processor time, peak memory in KiB.
// usage: usage REPORT PROGRAM [ARGUMENT...]
//
// A process inherits the peak memory of the one that started it, so a measurement from Python would never show less than
// Python's own. This program is small enough not to matter.
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 3) return 125;
    pid_t child = fork();
    if (child < 0) return 125;
    if (child == 0) {
        execvp(words[2], words + 2);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (wait4(child, &status, 0, &used) != child) return 125;
    FILE *report = fopen(words[1], "w");
    if (!report) return 125;
    double seconds = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    fprintf(report, "%.6f %ld\n", seconds, used.ru_maxrss);
    if (fclose(report)) return 125;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
